// The log of events and what replicas share. Nothing is thrown away where memory ends, and what is written goes to disk.
param name string
param location string
param tags object
param size string
param vaultName string
param subnetId string
param zoneId string

resource cluster 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: size }
  properties: {
    // A copy in another zone takes over.
    highAvailability: 'Enabled'
    minimumTlsVersion: '1.2'
    publicNetworkAccess: 'Disabled'
  }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: cluster
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
    port: 10000
    // One address and one node: keys of several stores may meet in one pipeline.
    clusteringPolicy: 'NoCluster'
    evictionPolicy: 'NoEviction'
    // The service has deprecated `always`. What it acknowledges reaches the other zone and the disk a moment later, so the last
    // second may be lost; the service does not tell (CONFIG GET), and the server says so in its log and in /readyz.
    persistence: { aofEnabled: true, aofFrequency: '1s', rdbEnabled: false }
    accessKeysAuthentication: 'Enabled'
  }
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: vaultName
}

resource url 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'redis-url'
  properties: {
    value: 'rediss://:${uriComponent(database.listKeys().primaryKey)}@${cluster.properties.hostName}:10000'
    contentType: 'text/plain'
  }
}

module endpoint 'private-endpoint.bicep' = {
  name: 'redis-endpoint'
  params: {
    name: '${name}-redis'
    location: location
    tags: tags
    serviceId: cluster.id
    group: 'redisEnterprise'
    subnetId: subnetId
    zoneId: zoneId
  }
}

// Without a version: Container Apps takes up what a later deployment writes, within half an hour.
output urlSecret string = '${vault.properties.vaultUri}secrets/${url.name}'
