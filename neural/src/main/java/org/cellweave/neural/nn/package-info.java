/**
 * What networks are written in: the operations that an engine implements, layers, weights and
 * noise.
 */
package org.cellweave.neural.nn;
