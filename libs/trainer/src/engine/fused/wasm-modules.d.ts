/** AssemblyScript sources, compiled by `assemblyscript-plugin.ts` to binaries in base64. */
declare module '*?assemblyscript' {
  /** For a memory that threads share. */
  export const shared: string;
  /** For a memory of its own. */
  export const single: string;
}

/** The part of the WebAssembly interface that the engine uses; TypeScript describes it only for browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: boolean });
    readonly buffer: ArrayBuffer;
  }
  class Instance {
    constructor(module: Module, imports: object);
    readonly exports: object;
  }
  function validate(bytes: Uint8Array): boolean;
}
