// What differs from one deployment to another; secrets come from the environment of whoever deploys, and only when they change.
using './main.bicep'

param name = 'recograph'
param image = readEnvironmentVariable('RECOGRAPH_IMAGE', '')
param servingRevision = readEnvironmentVariable('RECOGRAPH_SERVING_REVISION', '')
param apiKeys = readEnvironmentVariable('RECOGRAPH_API_KEYS', '')
param auditKey = readEnvironmentVariable('RECOGRAPH_AUDIT_KEY', '')
param minReplicas = 2
param maxReplicas = 10
param redisSize = 'Balanced_B5'
param withFunctions = true
param alertEmails = []
param corsOrigins = []
