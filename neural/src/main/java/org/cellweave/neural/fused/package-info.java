/**
 * The engine for CPUs. Hand-written because it is several times faster than a framework on sparse
 * counts, and the same bits are promised for any number of threads.
 */
package org.cellweave.neural.fused;
