/**
 * scMODAL: cells of different modalities in one latent space, by adversarial autoencoders and links
 * between features (doi:10.1038/s41467-025-60333-z). Written from the paper; layers and gradients
 * are those of {@link org.cellweave.neural.fused}, the losses are here, each with its way back.
 */
package org.cellweave.neural.scmodal;
