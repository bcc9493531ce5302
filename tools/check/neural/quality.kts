// scVI and scANVI trained here on what quality.py has prepared; it says how well beside scvi-tools.
// usage: ./cellweave tools/check/neural/quality.kts FOLDER EPOCHS LABEL_EPOCHS SEEDS NAME...
//
// Reads NAME.h5ad: counts, obs "batch" and "seen_SEED", the labels that scANVI knows. Writes NAME_ours.h5ad: places in
// obsm "SCVI_SEED" and "SCANVI_SEED", and in obs "foretold_SEED" scANVI's labels.

val (folder, epochs, labelEpochs, seeds) = args
sc.settings.verbosity = 1
for (name in args.drop(4)) {
    val adata = sc.readH5ad("$folder/$name.h5ad")
    for (seed in 0 until seeds.toInt()) {
        scvi.settings.seed = seed.toLong()
        scvi.SCVI.setupAnndata(adata, batchKey = "batch")
        val model = scvi.SCVI(adata, geneLikelihood = "nb")
        model.train(maxEpochs = epochs.toInt())
        adata.obsm["SCVI_$seed"] = model.getLatentRepresentation()
        val labelled = scvi.SCANVI.fromScviModel(model, unlabeledCategory = "Unknown", labelsKey = "seen_$seed")
        labelled.train(maxEpochs = labelEpochs.toInt())
        adata.obsm["SCANVI_$seed"] = labelled.getLatentRepresentation()
        adata.obs["foretold_$seed"] = labelled.predict()
    }
    adata.writeH5ad("$folder/${name}_ours.h5ad")
}
