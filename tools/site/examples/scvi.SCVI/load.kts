// data: trained
model.save("model", overwrite = true, saveAnndata = true)
scvi.SCVI.load("model")
