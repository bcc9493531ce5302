// data: trained
val labelled = scvi.SCANVI.fromScviModel(model, unlabeledCategory = "Unknown", labelsKey = "cell_type")
labelled.train(maxEpochs = 3)
labelled.predictSoft().head(3)
