sc.memberWords().take(8)
