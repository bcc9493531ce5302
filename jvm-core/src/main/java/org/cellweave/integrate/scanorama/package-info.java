/**
 * Scanorama, of Hie, Bryson and Berger 2019, doi:10.1038/s41587-019-0113-3, compared with the
 * Python package scanorama 1.7.4 (MIT) with its exact search.
 *
 * <p>{@code Alignments} finds the pairs of cells that are each among the other's nearest, {@code
 * Assembly} joins batches in the order of their scores, and {@code KernelShift} moves cells by a
 * Gaussian mean of the pairs' differences; {@code Components} draws the original's random numbers;
 * of large batches a {@code Sketch} can stand for all cells. Neighbours, products and eigenvectors
 * are those of {@code neighbors} and {@code linalg}.
 */
package org.cellweave.integrate.scanorama;
