/** Files: h5ad, 10x folders and HDF5, Matrix Market, delimited text. */
package org.cellweave.io;
