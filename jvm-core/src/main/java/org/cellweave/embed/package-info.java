/** Layouts of cells in two or three dimensions. */
package org.cellweave.embed;
