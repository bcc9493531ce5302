/**
 * MIDAS: one place for every cell of a mosaic, whatever modalities it has, with what is technical
 * about it apart from what is biological. Networks, their operations beyond layers, training, and
 * the trained model with the file it lies in.
 */
package org.cellweave.neural.midas;
