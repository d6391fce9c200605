"""`--device guide`: a profile played by hands, told, shown and, if wanted, spoken."""
