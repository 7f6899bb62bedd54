"""The fourteen columns that everybody compares, by shape: what the program maps, and nothing else."""

ENTRA = [
    "userPrincipalName", "mail", "givenName", "surname", "displayName", "jobTitle", "mobilePhone", "telephoneNumber",
    "accountEnabled", "department", "companyName", "streetAddress", "city", "state",
]

OKTA = [
    "login", "email", "firstName", "lastName", "displayName", "title", "mobilePhone", "primaryPhone", "status",
    "employeeNumber", "department", "organization", "division", "costCenter",
]
