/** AnnData: a matrix with annotated rows (cells) and columns (genes). */
package org.cellweave.data;
