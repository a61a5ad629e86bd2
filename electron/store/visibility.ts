/** Condition on rows an import brought: its import is not running. What a failed or cancelled import brought no longer exists. */
export const visibleRows = `import_number NOT IN (SELECT number FROM imports WHERE state = 'running')`;
