// data: joint
model.save("jointembeddingscvi-model", overwrite = true, saveAnndata = true)
scvi.JointEmbeddingSCVI.load("jointembeddingscvi-model")
