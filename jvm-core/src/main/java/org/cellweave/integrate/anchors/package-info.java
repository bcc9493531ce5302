/**
 * Anchors between data sets and what follows from them: Seurat's integration and transfer, of
 * Stuart et al. 2019, doi:10.1016/j.cell.2019.05.031, with the reciprocal components of Hao et al.
 * 2021, doi:10.1016/j.cell.2021.04.048, compared with results of Seurat 4.3.0. Written from the
 * papers and a description of what the program computes.
 *
 * <p>{@link org.cellweave.integrate.anchors.Anchors} are pairs of cells, whoever found them; the
 * order in which batches join is a {@link org.cellweave.integrate.MergeOrder}, one join a {@link
 * org.cellweave.integrate.anchors.MergeStep}. Those three serve other aligners as well. {@link
 * org.cellweave.integrate.anchors.IntegrationFeatures} chooses genes, {@link
 * org.cellweave.integrate.anchors.IntegrationAnchors} finds anchors, {@link
 * org.cellweave.integrate.anchors.AnchorIntegration} corrects by them, {@link
 * org.cellweave.integrate.anchors.AnchorMethod} does both as one method; {@link
 * org.cellweave.integrate.anchors.TransferAnchors} and {@link
 * org.cellweave.integrate.anchors.AnchorTransfer} carry labels and expression to other cells.
 *
 * <p>Written here because no library has it: canonical correlation from the genes' products alone,
 * the scores of anchors, their filter, and the weights.
 */
package org.cellweave.integrate.anchors;
