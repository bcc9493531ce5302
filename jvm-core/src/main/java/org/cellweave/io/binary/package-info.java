/**
 * Arrays and matrices as the bytes that a store holds, and back, without a boxed value anywhere.
 * Knows no store; uses {@code matrix}.
 *
 * <p>Written by hand: float16 in {@link org.cellweave.io.binary.Numbers}, which the JDK has from
 * version 20 on only.
 */
package org.cellweave.io.binary;
