/** Simulated counts with known truth, for tutorials and tests. */
package org.cellweave.simulate;
