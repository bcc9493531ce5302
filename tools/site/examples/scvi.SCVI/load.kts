// data: trained
model.save("scvi-model", overwrite = true, saveAnndata = true)
scvi.SCVI.load("scvi-model")
