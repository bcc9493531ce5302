/** Methods that make cells of several batches comparable. */
package org.cellweave.integrate;
