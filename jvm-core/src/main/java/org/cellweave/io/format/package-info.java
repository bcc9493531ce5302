/**
 * Kinds of files other than AnnData's, a class for each: 10x folders and HDF5, Matrix Market,
 * delimited text, Excel, Loom, the tables of UMI-tools, folders of CSV, plain HDF5 datasets. A new
 * one is a class here and a case in {@link org.cellweave.io.Reading}. Uses {@code data}, {@code
 * io.text}, {@code io.store}, {@code io.hdf5}, {@code io.binary} and {@code io.file}.
 *
 * <p>Excel files are read by fastexcel, CSV is read and written by fastcsv. Written by hand are the
 * limits of Excel files, which fastexcel does not have, and {@link
 * org.cellweave.io.format.MatrixMarket}: a loop over the numbers of {@code io.text} that fills the
 * blocks of a matrix of any size; most of it are checks and what they say.
 */
package org.cellweave.io.format;
