/**
 * The models as users hold them: scVI, scANVI, JointEmbeddingSCVI and LinearSCVI. A model is made
 * for the genes, batches and covariates of some cells, trained, asked, saved and loaded, and can be
 * trained on for cells of new batches.
 *
 * <p>Whatever is asked of a model is computed in minibatches of one size, and what is drawn for a
 * cell depends on the seed and on its position alone, so that neither threads nor other cells
 * change a bit of its result.
 */
package org.cellweave.neural.model;
