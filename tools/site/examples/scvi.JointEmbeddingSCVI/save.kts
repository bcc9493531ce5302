// data: joint
model.save("jointembeddingscvi-saved", overwrite = true)
java.io.File("jointembeddingscvi-saved").list()!!.sorted()
