// data: joint
model.differentialAbundance(sampleKey = "batch").head()
