// data: trained
model.differentialAbundance(sampleKey = "batch").head()
