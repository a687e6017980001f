// Secrets: the address of Redis with its key, the API keys, the key of the audit log. The gateway may read them, and nothing else.
param name string
param location string
param tags object
param readerPrincipalId string
param subnetId string
param zoneId string
param workspaceId string

@secure()
param apiKeys string

@secure()
param auditKey string

@description('Key Vault Secrets User')
var secretsUser = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '4633458b-17de-408a-b874-0445c86b69e6')

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: 'Disabled'
    // Deployments write the secrets.
    networkAcls: { bypass: 'AzureServices', defaultAction: 'Deny' }
  }
}

resource keysSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(apiKeys)) {
  parent: vault
  name: 'api-keys'
  properties: { value: apiKeys, contentType: 'application/json' }
}

resource auditSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = if (!empty(auditKey)) {
  parent: vault
  name: 'audit-key'
  properties: { value: auditKey, contentType: 'text/plain' }
}

resource mayRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, readerPrincipalId, secretsUser)
  properties: {
    roleDefinitionId: secretsUser
    principalId: readerPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource accessLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'access'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

module endpoint 'private-endpoint.bicep' = {
  name: 'vault-endpoint'
  params: {
    name: '${name}-vault'
    location: location
    tags: tags
    serviceId: vault.id
    group: 'vault'
    subnetId: subnetId
    zoneId: zoneId
  }
}

output name string = vault.name
output uri string = vault.properties.vaultUri
