// data: labelled
model.save("scanvi-model", overwrite = true, saveAnndata = true)
scvi.SCANVI.load("scanvi-model")
