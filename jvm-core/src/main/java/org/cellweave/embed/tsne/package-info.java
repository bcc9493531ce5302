/**
 * t-SNE: affinities at a perplexity, gradient descent, and the push between all cells by Barnes-Hut
 * or by interpolation on a grid with Fourier transforms.
 */
package org.cellweave.embed.tsne;
