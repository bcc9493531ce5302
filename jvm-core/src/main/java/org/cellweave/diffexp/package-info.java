/** Differential expression between groups of cells. */
package org.cellweave.diffexp;
