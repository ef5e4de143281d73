/** WebAssembly's i32, so that the host compiles the same `assembly/abi` files as the core. */
type i32 = number;
