// Snapshots and checkpoints: three zones here and a readable copy in the paired region. Old ones move to cheaper tiers.
param name string
param location string
param tags object
param writerPrincipalId string
param subnetId string
param zoneId string
param workspaceId string
param containerName string = 'recograph'

@description('Storage Blob Data Contributor')
var blobContributor = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'ba92f5b4-2d11-453d-a403-e96b0029c9fe')

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_RAGZRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    // Managed identities alone: there is no key to lose.
    allowSharedKeyAccess: false
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Disabled'
    networkAcls: { defaultAction: 'Deny', bypass: 'None' }
    encryption: {
      keySource: 'Microsoft.Storage'
      requireInfrastructureEncryption: true
      services: { blob: { enabled: true, keyType: 'Account' } }
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    // What is deleted or overwritten by mistake comes back within a week. Longer would keep what an erasure removed.
    deleteRetentionPolicy: { enabled: true, days: 7 }
    containerDeleteRetentionPolicy: { enabled: true, days: 7 }
    isVersioningEnabled: true
  }
}

resource container 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: containerName
  properties: { publicAccess: 'None' }
}

resource tiers 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'old-ones-are-cheaper'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: ['${containerName}/'] }
            actions: {
              // By last write; never to the archive tier, from which a roll-back would wait for hours.
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: 30 }
                tierToCold: { daysAfterModificationGreaterThan: 90 }
              }
              version: { delete: { daysAfterCreationGreaterThan: 7 } }
            }
          }
        }
      ]
    }
  }
  dependsOn: [blobs]
}

resource mayWrite 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: container
  name: guid(container.id, writerPrincipalId, blobContributor)
  properties: {
    roleDefinitionId: blobContributor
    principalId: writerPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource accessLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: blobs
  name: 'access'
  properties: {
    workspaceId: workspaceId
    logs: [{ category: 'StorageWrite', enabled: true }, { category: 'StorageDelete', enabled: true }]
  }
}

module endpoint 'private-endpoint.bicep' = {
  name: 'blob-endpoint'
  params: {
    name: '${name}-blob'
    location: location
    tags: tags
    serviceId: account.id
    group: 'blob'
    subnetId: subnetId
    zoneId: zoneId
  }
}

output name string = account.name
output containerName string = container.name
