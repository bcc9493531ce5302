/** Integration of batches. */
package org.cellweave.integrate;
