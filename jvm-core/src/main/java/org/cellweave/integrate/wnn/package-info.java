/**
 * Weighted nearest neighbours: one neighbour graph of cells that several modalities describe, each
 * weighted cell by cell by how well it foretells its own neighbourhood and is foretold by that of
 * the others. {@code ModalitySpace} is one modality, {@code SharedNeighborWidths} the widths of its
 * kernels.
 *
 * <p>Written from Hao et al. 2021, doi:10.1016/j.cell.2021.04.048.
 */
package org.cellweave.integrate.wnn;
