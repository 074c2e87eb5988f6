// What JavaScript gives to the module.

/**
 * Sleeps until the word at `address` is woken, is no longer `expected`, or some time has passed.
 * It is not an atomic wait instruction of this module on purpose: one with a local live across it was seen to lose
 * the local in a baseline compiler.
 *
 * @returns not 0: give up
 */
export declare function wait(address: usize, expected: i32): i32;
