/** A font as a data URL inside the bundle. */
declare module '*.ttf?inline' {
  const dataUrl: string;
  export default dataUrl;
}
