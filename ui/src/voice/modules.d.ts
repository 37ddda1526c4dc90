// A file that becomes part of a module, as a data address.
declare module '*?url&inline' {
  const address: string;
  export default address;
}
