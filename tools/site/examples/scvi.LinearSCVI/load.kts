// data: linear
model.save("linearscvi-model", overwrite = true, saveAnndata = true)
scvi.LinearSCVI.load("linearscvi-model")
