/**
 * UMAP: the layout of a neighbour graph, its curve and forces, and new cells in a layout that
 * exists. Starts from the Laplacian eigenmap of {@code diffusion}.
 */
package org.cellweave.embed.umap;
