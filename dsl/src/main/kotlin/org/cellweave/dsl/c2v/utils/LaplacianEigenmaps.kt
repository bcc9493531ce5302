package org.cellweave.dsl

import org.cellweave.data.AnnData
import org.cellweave.data.NdArray
import org.cellweave.diffusion.LaplacianEigenmap
import org.cellweave.dsl.session.Log
import org.cellweave.dsl.slots.dict
import org.cellweave.dsl.slots.weightedGraph
import org.cellweave.diffusion.LaplacianEigenmap.Params.DEFAULTS as EIGENMAP

/**
 * Coordinates of a graph by the eigenvectors of its normalised Laplacian. See [LaplacianEigenmap].
 *
 * Reads `obsp[obspKey]`, symmetric and connected; the Python package takes the mean of both directions, and of a graph
 * in parts vectors that tell which part a row is in. Writes `obsm[keyAdded]` and, with the eigenvalues, `uns[unsKey]`.
 */
public fun ClonalUtilities.laplacianEigenmaps(
    adata: AnnData,
    obspKey: String = "connectivities",
    nComponents: Int = EIGENMAP.nComponents(),
    keyAdded: String = "X_laplacian",
    unsKey: String = "laplacian_eigenmaps",
    randomState: Long = EIGENMAP.seed(),
): AnnData {
    val params = LaplacianEigenmap.Params(nComponents, randomState)
    val graph = adata.weightedGraph(obspKey)
    val added = "added\n    '$keyAdded', coordinates (adata.obsm)\n    '$unsKey', eigenvalues (adata.uns)"
    val result = Log.timed<LaplacianEigenmap.Result>("computing Laplacian eigenmaps", { added }) {
        LaplacianEigenmap.run(graph, "obsp['$obspKey']", params)
    }
    adata.obsm.set(keyAdded, result.coordinates())
    adata.uns[unsKey] = dict(
        "eigenvalues" to NdArray.of(*result.eigenvalues()),
        "components" to nComponents.toLong(),
        "norm_laplacian" to true,
        "key_added" to keyAdded,
        "obsp_key" to obspKey,
    )
    return adata
}
