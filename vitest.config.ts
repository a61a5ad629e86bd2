import { defineConfig } from 'vitest/config';

// `unit` needs nothing but Node; `store` and `engine` use real SQLite and the built worker.
export default defineConfig({
  test: {
    projects: ['unit', 'store', 'engine', 'simulation'].map((name) => ({
      test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 30_000 },
    })),
  },
});
