// The environment of the replicas, across zones, and the share that audit files outlive them on.
param name string
param location string
param tags object
param subnetId string
param endpointsSubnetId string
param fileZoneId string
param workspaceName string
param auditAccountName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource apps 'Microsoft.App/managedEnvironments@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    zoneRedundant: true
    vnetConfiguration: { infrastructureSubnetId: subnetId, internal: false }
    workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
    peerTrafficConfiguration: { encryption: { enabled: true } }
    appLogsConfiguration: {
      destination: 'log-analytics'
      logAnalyticsConfiguration: {
        customerId: workspace.properties.customerId
        sharedKey: workspace.listKeys().primarySharedKey
      }
    }
  }
}

// Shares are mounted with the account's key, so this one is an account of its own.
resource auditAccount 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: auditAccountName
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: 'Standard_ZRS' }
  properties: {
    allowBlobPublicAccess: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Disabled'
    networkAcls: { defaultAction: 'Deny', bypass: 'None' }
  }
}

resource files 'Microsoft.Storage/storageAccounts/fileServices@2023-05-01' = {
  parent: auditAccount
  name: 'default'
  properties: { shareDeleteRetentionPolicy: { enabled: true, days: 7 } }
}

resource share 'Microsoft.Storage/storageAccounts/fileServices/shares@2023-05-01' = {
  parent: files
  name: 'audit'
  properties: { accessTier: 'TransactionOptimized', enabledProtocols: 'SMB', shareQuota: 100 }
}

resource auditStorage 'Microsoft.App/managedEnvironments/storages@2025-01-01' = {
  parent: apps
  name: 'audit'
  properties: {
    azureFile: {
      accountName: auditAccount.name
      accountKey: auditAccount.listKeys().keys[0].value
      shareName: share.name
      accessMode: 'ReadWrite'
    }
  }
  dependsOn: [endpoint]
}

module endpoint 'private-endpoint.bicep' = {
  name: 'audit-endpoint'
  params: {
    name: '${name}-audit'
    location: location
    tags: tags
    serviceId: auditAccount.id
    group: 'file'
    subnetId: endpointsSubnetId
    zoneId: fileZoneId
  }
}

output id string = apps.id
output auditStorageName string = auditStorage.name
