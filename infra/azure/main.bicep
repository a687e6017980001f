// Recograph on Azure: replicas on Container Apps behind their load balancer, events in Azure Managed Redis, snapshots and
// checkpoints in Blob Storage, secrets in Key Vault, telemetry in Application Insights, and a Functions app that forwards.
//   az deployment group create --resource-group recograph --parameters infra/azure/main.bicepparam
// From outside the network the gateway and the functions are reached, and, by identities alone, the registry and the account of the
// functions' package; every identity has the rights that it needs on what it needs.
targetScope = 'resourceGroup'

@description('What names of resources begin with: lower-case letters and digits.')
@minLength(3)
@maxLength(12)
param name string = 'recograph'

@description('Region of everything.')
param location string = resourceGroup().location

@description('Image of the gateway with its tag or digest. Empty: everything but the gateway, so that an image can be pushed first.')
param image string = ''

@description('Revision of the gateway that keeps all requests while a new one waits for its test. Empty: the new one gets them.')
param servingRevision string = ''

@description('Replicas at least; two survive the loss of one.')
@minValue(2)
param minReplicas int = 2

@description('Replicas at most.')
@maxValue(100)
param maxReplicas int = 10

@description('Content of keys.json; empty: the secret stays as it is.')
@secure()
param apiKeys string = ''

@description('Secret of the audit log’s pseudonyms, at least 32 characters; empty: the secret stays as it is.')
@secure()
param auditKey string = ''

@description('Size of Azure Managed Redis; the whole log of events must fit.')
param redisSize string = 'Balanced_B5'

@description('Whether the Functions app is deployed.')
param withFunctions bool = true

@description('Who is told of alerts.')
param alertEmails array = []

@description('Pages of which origins may ask from a browser.')
param corsOrigins array = []

param tags object = { application: 'recograph' }

var suffix = uniqueString(resourceGroup().id)
var unique = '${name}${suffix}'

resource gatewayIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${name}-gateway'
  location: location
  tags: tags
}

module network 'modules/network.bicep' = {
  name: 'network'
  params: { name: name, location: location, tags: tags, withFunctions: withFunctions }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: { name: name, location: location, tags: tags }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    name: take('${name}-${suffix}', 24)
    location: location
    tags: tags
    readerPrincipalId: gatewayIdentity.properties.principalId
    subnetId: network.outputs.endpointsSubnetId
    zoneId: network.outputs.vaultZoneId
    workspaceId: monitoring.outputs.workspaceId
    apiKeys: apiKeys
    auditKey: auditKey
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    name: take(unique, 24)
    location: location
    tags: tags
    writerPrincipalId: gatewayIdentity.properties.principalId
    subnetId: network.outputs.endpointsSubnetId
    zoneId: network.outputs.blobZoneId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module redis 'modules/redis.bicep' = {
  name: 'redis'
  params: {
    name: '${name}-${suffix}'
    location: location
    tags: tags
    size: redisSize
    vaultName: vault.outputs.name
    subnetId: network.outputs.endpointsSubnetId
    zoneId: network.outputs.redisZoneId
  }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  params: {
    name: take(unique, 50)
    location: location
    tags: tags
    pullerPrincipalId: gatewayIdentity.properties.principalId
  }
}

module apps 'modules/environment.bicep' = {
  name: 'environment'
  params: {
    name: name
    location: location
    tags: tags
    subnetId: network.outputs.appsSubnetId
    endpointsSubnetId: network.outputs.endpointsSubnetId
    fileZoneId: network.outputs.fileZoneId
    workspaceName: monitoring.outputs.workspaceName
    auditAccountName: take('${name}audit${suffix}', 24)
  }
}

module gateway 'modules/gateway.bicep' = if (!empty(image)) {
  name: 'gateway'
  params: {
    name: name
    location: location
    tags: tags
    environmentId: apps.outputs.id
    auditStorageName: apps.outputs.auditStorageName
    identityId: gatewayIdentity.id
    identityClientId: gatewayIdentity.properties.clientId
    image: image
    servingRevision: servingRevision
    registryServer: registry.outputs.server
    minReplicas: minReplicas
    maxReplicas: maxReplicas
    redisUrlSecret: redis.outputs.urlSecret
    auditKeySecret: '${vault.outputs.uri}secrets/audit-key'
    apiKeysSecret: '${vault.outputs.uri}secrets/api-keys'
    storageAccountName: storage.outputs.name
    storageContainerName: storage.outputs.containerName
    insightsConnectionString: monitoring.outputs.connectionString
    corsOrigins: corsOrigins
    functionsAddresses: network.outputs.functionsAddresses
  }
}

module functions 'modules/functions.bicep' = if (withFunctions && !empty(image)) {
  name: 'functions'
  params: {
    name: '${name}-functions-${suffix}'
    location: location
    tags: tags
    storageAccountName: take('${name}fn${suffix}', 24)
    subnetId: network.outputs.functionsSubnetId
    engineUrl: gateway!.outputs.url
    insightsConnectionString: monitoring.outputs.connectionString
  }
}

module alerts 'modules/alerts.bicep' = if (!empty(image)) {
  name: 'alerts'
  params: {
    name: name
    location: location
    tags: tags
    insightsId: monitoring.outputs.insightsId
    gatewayId: gateway!.outputs.id
    gatewayUrl: gateway!.outputs.url
    minReplicas: minReplicas
    emails: alertEmails
  }
}

output registryServer string = registry.outputs.server
output vaultName string = vault.outputs.name
output storageAccountName string = storage.outputs.name
output identityClientId string = gatewayIdentity.properties.clientId
output gatewayUrl string = empty(image) ? '' : gateway!.outputs.url
output functionsName string = withFunctions && !empty(image) ? functions!.outputs.name : ''
