// data: trained
model.save("model", overwrite = true)
java.io.File("model").list()!!.sorted()
