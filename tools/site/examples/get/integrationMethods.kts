sc.get.integrationMethods()
