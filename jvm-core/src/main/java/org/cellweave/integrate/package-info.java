/** Methods that bring batches together: in expression, or in an embedding. */
package org.cellweave.integrate;
