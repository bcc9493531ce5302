/**
 * Random numbers that depend on a seed and a position alone: streams per block of work, shuffles
 * and draws, and the numbers of R and numpy. Hand-written because the same bits are promised for
 * any number of threads, which no library gives.
 */
package org.cellweave.random;
