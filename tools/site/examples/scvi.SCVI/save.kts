// data: trained
model.save("scvi-saved", overwrite = true)
java.io.File("scvi-saved").list()!!.sorted()
