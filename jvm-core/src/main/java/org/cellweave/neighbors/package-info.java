/** Nearest neighbours of cells and the weighted graphs made from them. */
package org.cellweave.neighbors;
