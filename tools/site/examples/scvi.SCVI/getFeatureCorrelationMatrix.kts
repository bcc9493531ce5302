// data: trained
model.getFeatureCorrelationMatrix(nSamples = 2).shape
