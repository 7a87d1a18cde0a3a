const { defineConfig } = require('@medusajs/framework/utils');

module.exports = defineConfig({
    projectConfig: {
        databaseUrl: process.env.MEDUSA_DATABASE, databaseDriverOptions: { ssl: false },
        http: { storeCors: '*', adminCors: '*', authCors: '*', jwtSecret: 'only-for-tests', cookieSecret: 'only-for-tests' },
    },
    admin: { disable: true },
});
